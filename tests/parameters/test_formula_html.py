from hw2gui.parameters.expressions import Formula, Symbol
from hw2gui.parameters.formula_html import formula_html, letters_html, note_html


def test_letters_are_set_as_mathematics():
    assert letters_html("C_out·M + fc1") == "<i>C</i><sub>out</sub>·<i>M</i> + fc1"
    assert letters_html("H′·W′") == "<i>H</i>′·<i>W</i>′"


def test_a_formula_ends_in_its_value_once():
    text = formula_html(Formula("weights", Symbol("M", 5) * Symbol("N", 5)))
    assert text == "weights: <i>M</i>·<i>N</i> = 5·5 = <b>25</b>"
    assert formula_html(Formula("units", Symbol("F", 5))) == "units: <i>F</i> = <b>5</b>"


def test_names_of_matrices_have_their_index_set_low():
    assert note_html("W_q has none, b_hn one: z = W_qᵀq.").count("<sub>") == 3
    assert "<i>W</i><sub>q</sub>ᵀq" in note_html("z = W_qᵀq")
    assert formula_html(Formula("W_q: compares", Symbol("q", 2))).startswith("<i>W</i><sub>q</sub>: compares")
