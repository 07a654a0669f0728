import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.convolution.formula import PRESETS, Case, check, check_steps, formula_values, parse, sweep, wrong_entries
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.errors import InputError

PRESET = {preset.key: preset.text for preset in PRESETS}
LINES = "α = floor((i-1)/W') + 1\nβ = (i-1) mod W' + 1\nγ = floor((j-1)/W) + 1\nδ = (j-1) mod W + 1\n"


def dense(case: Case, base: int, flipped: bool = False, order: str = "row") -> np.ndarray:
    kernel = np.array([[base * m + n for n in range(1, case.N + 1)] for m in range(1, case.M + 1)], dtype=float)
    geometry = Geometry(case.H, case.W, case.M, case.N, stride=case.s, flipped=flipped, order=order)
    return ConvolutionMatrix(geometry, kernel).dense()


def test_the_sweep_is_every_small_setting_once_smallest_matrix_first():
    cases = sweep.cases()
    assert len(cases) == len(set(cases)) == (21 * 21) * 2
    assert all(1 <= c.M <= c.H <= 6 and 1 <= c.N <= c.W <= 6 and c.s in (1, 2) for c in cases)
    assert [c.entries for c in cases] == sorted(c.entries for c in cases)
    assert sum(len(block.case) for block in sweep.blocks()) == sum(c.entries for c in cases)


def test_the_truth_is_the_convolution_matrix_in_every_setting():
    for block in sweep.blocks():
        truth = sweep.truth(block.entries)
        assert np.all(np.diff(block.case) >= 0)
        for number in np.unique(block.case):
            case = sweep.cases()[number]
            assert np.array_equal(truth[block.case == number].reshape(case.shape), dense(case, 10))


@pytest.mark.parametrize("case", [Case(5, 7, 3, 2, 1), Case(4, 6, 2, 2, 2), Case(3, 14, 2, 12, 1)])
def test_the_truth_of_one_case_and_under_other_conventions(case):
    entries = sweep.case_entries(case, range(case.shape[0]), range(case.shape[1]))
    base = int(entries.base)
    assert np.array_equal(sweep.truth(entries), dense(case, base))
    assert np.array_equal(sweep.truth(entries, turned=True), dense(case, base, flipped=True))
    assert np.array_equal(sweep.truth(entries, columns_stacked=True), dense(case, base, order="column"))


def test_the_general_formula_is_right_everywhere():
    result = check(PRESET["general"])
    assert result.right
    assert result.counterexample is None
    assert (result.cases, result.failing_cases, result.failing_entries) == (882, 0, 0)
    assert result.entries == sum(case.entries for case in sweep.cases())
    assert result.verdict.startswith("Right in all")
    assert result.formula.names == ("α", "β", "γ", "δ", "m", "n")


def test_the_homework_formula_is_right_at_stride_1_only():
    result = check(PRESET["stride1"])
    assert not result.right
    assert result.verdict.startswith("Right for every size at stride 1 (441 of 882 settings)")
    assert result.counterexample.case.s == 2


def test_the_formula_dividing_by_rows_is_right_for_squares_and_wrong_beside_them():
    formula = PRESET["report"]
    assert int(wrong_entries(formula, Case(4, 6, 2, 2, 1)).sum()) == 14
    assert wrong_entries(formula, Case(4, 6, 2, 2, 1)).size == 360
    assert int(wrong_entries(formula, Case(6, 6, 2, 3, 1)).sum()) == 90
    assert wrong_entries(formula, Case(6, 6, 2, 3, 1)).size == 720
    for side in range(1, 7):
        for kernel in range(1, side + 1):
            assert not wrong_entries(formula, Case(side, side, kernel, kernel, 1)).any()
    result = check(formula)
    assert result.verdict.startswith("Right for square images and kernels at stride 1 (21 of 882 settings)")
    smallest = result.counterexample
    assert (smallest.case, smallest.i, smallest.j) == (Case(1, 2, 1, 2, 1), 1, 2)
    assert (smallest.expected_tap, smallest.expected, smallest.got, smallest.got_tap) == ((1, 2), 12.0, 0.0, None)
    assert smallest.lines == (("α", 1.0), ("β", 1.0), ("γ", 2.0), ("δ", 2.0))
    assert "M(1,2) is w(1,2), and the formula gives 0 (α = 1" in smallest.sentence()


def test_a_matrix_of_differences_is_right_exactly_where_m_is_toeplitz():
    result = check(PRESET["difference"])
    assert "(N = 1 or H′ = 1) at stride 1" in result.verdict
    assert wrong_entries(PRESET["difference"], Case(3, 3, 2, 2, 1)).any()


def test_the_counterexample_is_the_smallest_wrong_case_and_its_first_entry():
    result = check(PRESET["report"])
    for case in sweep.cases()[: sweep.cases().index(result.counterexample.case)]:
        assert not wrong_entries(PRESET["report"], case).any()
    first = np.argwhere(wrong_entries(PRESET["report"], result.counterexample.case))[0] + 1
    assert tuple(first) == (result.counterexample.i, result.counterexample.j)


def test_counts_agree_with_the_maps():
    result = check(PRESET["difference"])
    maps = [int(wrong_entries(PRESET["difference"], case).sum()) for case in sweep.cases()]
    assert result.failing_entries == sum(maps)
    assert result.failing_cases == sum(count > 0 for count in maps)


def test_steps_tell_their_progress_and_may_be_abandoned():
    steps = check_steps(PRESET["general"])
    first = next(steps)
    assert 0 < first < 1
    steps.close()
    assert [*check_steps(PRESET["general"])][-1] == 1.0


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (LINES + "w(M + 1 - (γ - s*(α-1)), N + 1 - (δ - s*(β-1)))", "true convolution"),
        ("a = (i-1) mod H'\nb = (i-1) // H'\nc = (j-1) mod H\nd = (j-1) // H\nw(c - s*a + 1, d - s*b + 1)", "stacking columns"),
        ("w(j//W - s*(i//W'), j mod W - s*(i mod W'))", "from 0"),
    ],
)
def test_hints_name_the_other_convention(text, hint):
    result = check(text)
    assert not result.right
    assert len(result.hints) == 1
    assert hint in result.hints[0]


@pytest.mark.parametrize(
    "last",
    [
        "M(i,j) = w(γ-α+1, δ-β+1) if 0 ≤ γ-α ≤ M-1 and 0 ≤ δ-β ≤ N-1 else 0",
        "M(i, j) = w(γ−α+1, δ−β+1) if 0<=γ-α<=M-1 ∧ 0<=δ-β<=N-1 otherwise 0",
        "w(γ-α+1, δ-β+1) if 0 ≤ γ-α ≤ M-1 and 0 ≤ δ-β ≤ N-1\n0 otherwise",
        "w(γ-α+1, δ-β+1) if 0 ≤ γ-α ≤ M-1 and 0 ≤ δ-β ≤ N-1,\n0 otherwise",
        "{ w(γ-α+1, δ-β+1), 0 ≤ γ-α ≤ M-1 ∧ 0 ≤ δ-β ≤ N-1\n  0, otherwise }",
        "{ w(γ-α+1, δ-β+1) if 0 ≤ γ-α ≤ M-1 ∧ 0 ≤ δ-β ≤ N-1; 0 otherwise; }",
        "if 0 ≤ γ-α ≤ M-1 and 0 ≤ δ-β ≤ N-1 then w(γ-α+1, δ-β+1) else 0",
        "w(γ-α+1, δ-β+1) * (0 ≤ γ-α ≤ M-1) · (0 ≤ δ-β ≤ N-1)",
        "w[γ-α+1, δ-β+1]",
        "0 if not (0 ≤ γ-α ≤ M-1) or δ-β < 0 or ¬(δ-β ≤ N-1) else w(γ-α+1, δ-β+1)",
        "inside = 0 ≤ min(γ-α, δ-β) and γ-α < M and δ-β < N\nw(γ-α+1, δ-β+1) if inside else 0  # comment",
        "w(γ-α+1, δ-β+1)\n  if 0 ≤ γ-α ≤ M-1 and\n     0 ≤ δ-β ≤ N-1\n  else 0",
        "M(i,j) = w(γ-α+1, δ-β+1) if inside else 0\ninside = (0 ≤ γ-α) ∧ γ-α ≤ M-1 ∧ 0 ≤ δ-β ≤ N-1",
        "w(max(0, γ-α+1), abs(δ-β+1)) if δ ≥ β and not γ < α else 0",
    ],
)
def test_the_many_ways_to_write_the_right_formula(last):
    result = check(LINES + last)
    assert result.verdict.startswith("Right for every size at stride 1")


@pytest.mark.parametrize(
    "lines",
    [
        "alpha = ⌊(i-1)/W′⌋ + 1\nbeta = mod(i-1, W’) + 1\nG = (j-1)//W + 1; delta = (j-1) % W + 1\nM(i,j) = w(G-alpha+1, delta-beta+1)",
        "M[i,j] = w(γ-α+1, δ-β+1)\nα = ceil(i/Wp)\nβ = i - (α-1)×Wp\nγ = ⌈j ÷ W⌉\nδ = j − W*(γ−1)",
        "𝛼 = (i-1) div W' + 1\n\nβ = ((i-1) MOD W') + 1\nγ = Floor((j-1)/\n  W) + 1\nδ = (j-1\n) mod W + 1\n\nw(γ-α+1,\nδ-β+1)\n",
    ],
)
def test_named_lines_in_many_spellings(lines):
    assert check(lines).verdict.startswith("Right for every size at stride 1")


def test_the_named_lines_values_at_an_entry():
    lines, value = formula_values(PRESET["general"], Case(4, 6, 2, 2, 1), 7, 9)
    assert dict(lines) == {"α": 2, "β": 2, "γ": 2, "δ": 3, "m": 1, "n": 2}
    assert value == 12


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("-7 mod 3", 2), ("7 // 2 * 2", 6), ("1 - 2 - 3", -4), ("8/2/2", 2), ("2+3*4", 14), ("-2*-3", 6), ("0.1*30", 3),
        ("1/3*3", 1), ("floor(-1/2)", -1), ("ceil(-1/2)", 0), ("min(3,1,2)", 1), ("max(3,1,2)", 3), ("abs(-4)", 4),
        ("(1 < 2) + (2 < 1)", 1), ("1 if 1 < 2 < 3 ≠ 4 else 0", 1), ("1 if 1 = 2 else 2 if 2 > 3 else 3", 3),
        ("1/(i-1) if i > 1 else 5", 5), ("1 if i > 1 and 1/(i-1) > 0 else 6", 6), ("1 if i = 1 or 1/(i-1) > 0 else 6", 1),
        ("1 if i = 1, else 2", 1), ("1 if i > 1\nelse 2", 2),
        ("w(1.0, 2)", 12), ("w(0, 1)", 0), ("w(M+1, 1)", 0), ("7.5 mod 2", 1.5), ("5.", 5), (".5", 0.5),
    ],
)  # fmt: skip
def test_arithmetic(expression, value):
    assert formula_values(expression, Case(4, 4, 2, 2, 1), 1, 1)[1] == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no formula yet"),
        (" \n # nothing\n", "no formula yet"),
        ("1" * 5000, "5,000 characters"),
        ("1234567", "too long"),
        ("i +", "missing before the end"),
        ("i + * j", "missing before '*'"),
        ("2i", "operator is missing before 'i'"),
        ("H'W'", "operator is missing before 'W''"),
        ("HW'", "write H * W'"),
        ("h", "did you mean H?"),
        ("gama", "give it a line of its own"),
        ("gamma = 1\ngama", "did you mean γ?"),
        ("flor(i)", "no function here"),
        ("W'(i-1)", "write * between"),
        ("w(1)", "w takes 2 arguments, not 1"),
        ("floor(1, 2)", "floor takes 1 argument, not 2"),
        ("floor", "needs its arguments in brackets"),
        ("mod(i)", "mod takes 2"),
        ("(i", "never closed"),
        ("(i]", "never closed"),
        ("i)", "should end before ')'"),
        ("α = 1", "the result is missing"),
        ("α = β\nβ = 1\nα", "used above its own line"),
        ("α = 1\nα = 2\nα", "two lines"),
        ("W = 3\nW", "is given and cannot be set"),
        ("M = w(1,1)", "M alone is the kernel's height"),
        ("M(i,j) + 1", "left of '=' only"),
        ("1\n2", "there is a result already"),
        ("w(1,1) if i > 1", "no 'else'"),
        ("w(1,1) if i else 0", "must compare"),
        ("{ 1 if i = 1; 2 if j; 0 otherwise }", "must compare"),
        ("i and j", "needs comparisons"),
        ("a = 1\nb = 1 < 2\n1 if b and (a) else 0", "needs comparisons"),
        ("not i", "needs comparisons"),
        ("{ 1 if i = 1; 2 if i = 2 }", "add '0 otherwise'"),
        ("{ 1 }", "after the value of a case"),
        ("\\alpha", "LaTeX is not read"),
        ("i^2", "powers"),
        ("|i|", "abs"),
        ("i @ j", "'@' is no part"),
        ("i \x00", "U+0000"),
        ("if i = 1: 2", "a colon"),
        ("if i = 1 2", "operator is missing"),
        ("1/(s-1)", "divides by zero at i = 1, j = 1, H = 1"),
        ("i mod (s-1)", "mod 0"),
        ("i // 0", "divides by zero"),
        ("w(i/2, 1)", "not whole"),
        ("w(max(1, i/2), 1)", "not whole"),
        ("*".join(["999999"] * 5), "grows beyond"),
        ("(" * 200 + "1" + ")" * 200, "nested too deeply"),
        ("+".join(["1"] * 500), "too long or too deeply"),
        ("\n".join(f"q{n} = 1" for n in range(100)) + "\n1", "named lines"),
    ],
)
def test_what_is_no_formula_is_refused_with_a_sentence(text, says):
    with pytest.raises(InputError) as refused:
        check(text)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_faults_name_line_and_column():
    with pytest.raises(InputError, match=r"^Line 2, column 7: 'x' is not known here"):
        parse("α = 1\nα  +  x")


def test_mod_without_brackets_is_remarked_on_and_with_them_not():
    assert any("mod binds as tightly" in hint for hint in check("w(i-1 mod W' + 1, 1)").hints)
    assert parse("1 + (i-1) mod W'").notes == ()


def test_a_map_is_bounded_and_made_in_parts():
    big = Case(1024, 1024, 5, 5, 1)
    with pytest.raises(InputError, match="too large"):
        wrong_entries(PRESET["general"], big)
    assert not wrong_entries(PRESET["general"], big, range(500_000, 500_050), range(501_000, 503_000)).any()
    whole = wrong_entries(PRESET["report"], Case(5, 8, 2, 3, 2))
    assert np.array_equal(wrong_entries(PRESET["report"], Case(5, 8, 2, 3, 2), range(3, 5), range(7, 20)), whole[3:5, 7:20])
    assert wrong_entries("0", Case(2, 2, 1, 1, 1)).shape == (4, 4)


@pytest.mark.parametrize("case", [Case(2, 2, 3, 1, 1), Case(2, 2, 1, 3, 1), Case(0, 1, 1, 1, 1), Case(1, 1, 1, 1, 0)])
def test_impossible_settings_have_no_map(case):
    with pytest.raises(InputError, match="must fit into the image"):
        wrong_entries("0", case)


def test_an_entry_outside_the_matrix_has_no_value():
    with pytest.raises(InputError, match="4 rows"):
        formula_values("0", Case(2, 2, 1, 1, 1), 5, 1)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 9).flatmap(lambda H: st.tuples(st.just(H), st.integers(1, H))),
    st.integers(1, 12).flatmap(lambda W: st.tuples(st.just(W), st.integers(1, W))),
    st.integers(1, 4),
)
def test_the_general_formula_is_right_beyond_the_sweep(rows, columns, stride):
    assert not wrong_entries(PRESET["general"], Case(rows[0], columns[0], rows[1], columns[1], stride)).any()


PIECES = [
    *[
        "i",
        "j",
        "H",
        "W",
        "H'",
        "W'",
        "M",
        "N",
        "s",
        "w(",
        "w",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "⌊",
        "⌋",
        "floor(",
        "mod",
        "mod(",
        "min(",
        ",",
        ";",
        "+",
        "-",
        "*",
        "/",
        "//",
        "%",
        "≤",
        "<",
        "=",
        "≠",
    ],
    *["and", "or", "not", "if", "then", "else", "otherwise", "0", "1", "2.5", "999999", "α", "α=", "M(i,j)=", "#", "'"],
    "\n",
]


def test_enormous_sums_are_wrong_and_no_crash():
    doubled = "; ".join(["q0 = 999999*999999"] + [f"q{n} = " + "+".join([f"q{n - 1}"] * 12) for n in range(1, 60)])
    assert not check(doubled + "; q59 - q59 + q59").right


def survives(text: str) -> None:
    """Nothing but InputError escapes."""
    try:
        formula = parse(text)
        wrong_entries(formula, Case(3, 4, 2, 2, 1))
    except InputError:
        pass


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_a_formula_or_an_input_error(text):
    survives(text)


@settings(max_examples=700, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join))
def test_any_jumble_of_pieces_is_a_formula_or_an_input_error(text):
    survives(text)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["(", "-", "not ", "floor(", "{", "⌊", "if 1<2 then ", "1 if 1<2 else ", "1+", "w(", "1<", "i=1 or "]),
    st.integers(1, 1300),
)
def test_long_repetitions_are_a_formula_or_an_input_error(piece, times):
    survives((piece * times + "1")[:4000])


def test_a_result_survives_the_way_from_the_worker():
    result = check(PRESET["report"])
    assert pickle.loads(pickle.dumps(result)) == result
