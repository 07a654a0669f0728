from hw2gui.parameters.expressions import Formula, Symbol
from hw2gui.parameters.formula_html import formula_html, letters_html


def test_letters_are_set_as_mathematics():
    assert letters_html("C_out·M + fc1") == "<i>C</i><sub>out</sub>·<i>M</i> + fc1"
    assert letters_html("H'·W'") == "<i>H</i>′·<i>W</i>′"


def test_a_formula_ends_in_its_value_once():
    text = formula_html(Formula("weights", Symbol("M", 5) * Symbol("N", 5)))
    assert text == "weights: <i>M</i>·<i>N</i> = 5·5 = <b>25</b>"
    assert formula_html(Formula("units", Symbol("F", 5))) == "units: <i>F</i> = <b>5</b>"
