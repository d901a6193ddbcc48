-- How sure each model was of the failures of a window, by tenths, and how often a person or an import agreed.
SELECT model_version, bin, failures, abstained, correct, mean_confidence, accuracy
FROM model_calibration
ORDER BY model_version, bin
