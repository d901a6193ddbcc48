"""Settings of promotions."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class PromotionSettings(BaseModel):
    """When a trained model may take the place of the one in use; see ``errclass models compare``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_type_drop: float = Field(default=5.0, ge=0, le=100)
    """Most that the F1 of any type may fall, in points (100 times F1)."""
    minimum_gain: float = Field(default=0.0, ge=-100, le=100)
    """Points of accuracy that must be gained; with exactly so many gained, macro-F1 decides, then the Brier skill."""
    minimum_examples: int = Field(default=20, ge=2, le=100_000)
    """Fewest texts that can be judged on; with fewer nothing is judged."""
    slice_share: float = Field(default=0.2, gt=0, le=0.5)
    """Share of the store's labelled causes, the newest, that a model is judged on; more where those are too few."""
