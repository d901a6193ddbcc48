"""The names of failed tests are read off their runners' output; passing ones are not."""

from __future__ import annotations

import pytest

from errclass.classify.failing_tests import MAX_TESTS, find_failing_tests

FAILING = {
    "pytest": ("FAILED tests/test_cart.py::test_total - assert 3 == 4", "tests/test_cart.py::test_total"),
    "pytest, with a parameter": ("FAILED tests/test_a.py::test_x[a b] - KeyError", "tests/test_a.py::test_x[a b]"),
    "pytest, an error": ("ERROR tests/test_a.py::test_x - fixture", "tests/test_a.py::test_x"),
    "pytest, verbose": ("tests/test_a.py::test_x FAILED   [ 50%]", "tests/test_a.py::test_x"),
    "unittest": ("FAIL: test_total (tests.test_cart.CartTest)", "test_total (tests.test_cart.CartTest)"),
    "go": ("--- FAIL: TestTransfer (0.02s)", "TestTransfer"),
    "go, a subtest": ("    --- FAIL: TestTransfer/negative (0.00s)", "TestTransfer/negative"),
    "jest": ("  ● cart › adds up", "cart › adds up"),
    "surefire": ("[ERROR] Tests run: 2, Failures: 1 <<< FAILURE! - in com.acme.CartTest", "com.acme.CartTest"),
    "junit": ("[ERROR] com.acme.CartTest.total  Time elapsed: 0.01 s  <<< FAILURE!", "com.acme.CartTest.total"),
    "cargo": ("test cart::tests::adds_up ... FAILED", "cart::tests::adds_up"),
    "mozilla": ("TEST-UNEXPECTED-FAIL | dom/test_window.html | expected true", "dom/test_window.html"),
    "rspec": ("rspec ./spec/cart_spec.rb:12 # Cart adds up", "./spec/cart_spec.rb:12"),
    "gtest": ("[  FAILED  ] CartTest.AddsUp", "CartTest.AddsUp"),
    "vitest": ("   FAIL  src/cart.test.ts > cart > adds up", "src/cart.test.ts > cart > adds up"),
    "dotnet": ("  Failed Acme.CartTests.AddsUp [12 ms]", "Acme.CartTests.AddsUp"),
    "phpunit": (r"1) App\Tests\CartTest::testTotal", r"App\Tests\CartTest::testTotal"),
    "pytest, a file": ("ERROR tests/test_a.py - ImportError: no module", "tests/test_a.py"),
    "gotestsum": ("=== FAIL: net TestDial (0.02s)", "net TestDial"),
    "jest, without a describe": ("  ● adds up", "adds up"),
    "surefire 3": ("[ERROR] Tests run: 2, Failures: 1 <<< FAILURE! -- in com.acme.CartTest", "com.acme.CartTest"),
    "maven's summary": ("[ERROR]   CartTest.total:41 expected: <3> but was: <4>", "CartTest.total:41"),
    "gradle": ("CartTest > total of an empty cart FAILED", "CartTest > total of an empty cart"),
    "nextest": ("        FAIL [   0.012s] shop cart::tests::adds_up", "shop cart::tests::adds_up"),
    "rspec, an id": ("rspec './spec/cart_spec.rb[1:2]' # Cart adds up", "'./spec/cart_spec.rb[1:2]'"),
    "vitest, a project": (" FAIL  |web| src/cart.test.ts > adds up", "src/cart.test.ts > adds up"),
    "xunit": ("    Acme.CartTests.AddsUp [FAIL]", "Acme.CartTests.AddsUp"),
    "ctest": (" 3/12 Test  #3: cart_total ...................***Failed    0.02 sec", "cart_total"),
    "ctest, the list": ("\t  3 - cart_total (Failed)", "cart_total"),
    "playwright": (
        "  1) [chromium] › cart.spec.ts:12:5 › cart › adds up ────────",
        "[chromium] › cart.spec.ts:12:5 › cart › adds up",
    ),
    "mocha": ("  1) cart\n       adds up:", "cart adds up"),
    "cypress": ("  1) the cart\n       shows the total:", "the cart shows the total"),
    "phpunit, a data set": (
        r'1) App\Tests\CartTest::testTotal with data set "empty"',
        r'App\Tests\CartTest::testTotal with data set "empty"',
    ),
    "tap 14, without a dash": ("not ok 3 adds up", "adds up"),
    "tap": ("not ok 3 - adds up", "adds up"),
}
SILENT = [
    "tests/test_cart.py::test_total PASSED",
    "--- PASS: TestTransfer (0.02s)",
    "test cart::tests::adds_up ... ok",
    "[       OK ] CartTest.AddsUp (0 ms)",
    "ok 3 - adds up",
    "FAILED to connect",
    "ERROR: could not open file",
    "Failed with exit code 1",
    "TEST-PASS | dom/test_window.html | true",
    "1) install the package",
    "  1) check the list:",
    "  ● Console",
    "  ● Test suite failed to run",
    "[  FAILED  ] 2 tests, listed below:",
    " 3/12 Test  #3: cart_total ...................   Passed    0.02 sec",
    "  ✓ [chromium] › cart.spec.ts:12:5 › cart › adds up (412ms)",
    "CartTest > total of an empty cart PASSED",
    "> Task :core:test FAILED",
    "Failed to start the server [12 ms]",
    "=== RUN   TestDial",
    "        PASS [   0.012s] shop cart::tests::adds_up",
]


@pytest.mark.parametrize(("line", "name"), FAILING.values(), ids=FAILING)
def test_a_failed_test_is_named(line: str, name: str) -> None:
    """Each runner's wording gives the test's identifier."""
    assert (name,) == find_failing_tests(f"collecting\n{line}\ndone")


@pytest.mark.parametrize("line", SILENT)
def test_other_lines_name_no_failed_test(line: str) -> None:
    """Passing tests and plain failures are none."""
    assert () == find_failing_tests(line)


def test_each_name_comes_once_in_order() -> None:
    """A test that is reported twice counts once."""
    text = "b.py::test_2 FAILED\na.py::test_1 FAILED\nFAILED b.py::test_2 - x"
    assert ("b.py::test_2", "a.py::test_1") == find_failing_tests(text)


def test_there_are_at_most_so_many() -> None:
    """A run in which everything fails does not flood the signals."""
    text = "\n".join(f"FAILED a.py::test_{number}" for number in range(MAX_TESTS + 10))
    assert MAX_TESTS == len(find_failing_tests(text))
