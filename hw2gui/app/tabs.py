"""The tabs of the window, in order. A new subject is a new folder and one line here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TabSpec:
    """One tab, named by import paths so that what is not shown is not loaded."""

    key: str
    title: str
    state: str
    """The state's class, made without arguments at the first start."""
    check: str
    """The door of its store: state → state."""
    widget: str
    """The widget's class, made with (store, services)."""
    tour: str
    """A tuple of :class:`hw2gui.widgets.tour.Stop`: the tab's interesting states."""
    hint: str
    help: str = ""
    """What its panels show: a dictionary from their keys to :class:`hw2gui.widgets.help_card.Help`."""
    programs: str = ""
    """Called in the worker with ``state``: (what it is, source) of the programs that make what is on screen."""
    settings: str = ""
    """Its pages and what can be set on them: a tuple of :class:`hw2gui.widgets.setting.Setting`, for the command palette."""
    files: tuple[str, ...] = ()
    """Endings of the files that its widget's ``open_file(path)`` opens, wherever on the window they are dropped."""
    warm: str = ""
    """Called in a thread beside the window, before the tab is shown if time allows: reads what is read once and kept."""


TABS = (
    TabSpec(
        key="convolution",
        title="Convolution",
        state="hw2gui.convolution.state:first_state",
        check="hw2gui.convolution.state:check",
        widget="hw2gui.convolution.gui.tab:ConvolutionTab",
        tour="hw2gui.convolution.gui.tour:STOPS",
        hint="A convolution and the matrix that does the same work; attention over the same pixels",
        help="hw2gui.convolution.gui.help:PANELS",
        programs="hw2gui.convolution.programs:programs",
        warm="hw2gui.convolution.images:warm",
        settings="hw2gui.convolution.gui.setting_names:SETTINGS",
    ),
    TabSpec(
        key="parameters",
        title="Parameters",
        state="hw2gui.parameters.state:ParametersState",
        check="hw2gui.parameters.state:check",
        widget="hw2gui.parameters.gui.tab:ParametersTab",
        tour="hw2gui.parameters.gui.tour:STOPS",
        hint="How many parameters a network has, where they come from, and how they grow",
        help="hw2gui.parameters.gui.help:PANELS",
        programs="hw2gui.parameters.programs:programs",
        settings="hw2gui.parameters.gui.setting_names:SETTINGS",
        files=(".toml",),
    ),
    TabSpec(
        key="vision",
        title="Characters",
        state="hw2gui.vision.state:first_state",
        check="hw2gui.vision.state:check",
        widget="hw2gui.vision.gui.tab:VisionTab",
        tour="hw2gui.vision.gui.tour:STOPS",
        hint="Draw a character and see it read; look inside the network that reads it",
        help="hw2gui.vision.gui.help:PANELS",
        programs="hw2gui.vision.programs:programs",
        settings="hw2gui.vision.gui.setting_names:SETTINGS",
    ),
    TabSpec(
        key="seq2seq",
        title="Names",
        state="hw2gui.seq2seq.state:Seq2SeqState",
        check="hw2gui.seq2seq.state:check",
        widget="hw2gui.seq2seq.gui.tab:Seq2SeqTab",
        tour="hw2gui.seq2seq.gui.tour:STOPS",
        hint="Names and sentences, character by character: greedy beside beam, with attention",
        help="hw2gui.seq2seq.gui.help:PANELS",
        programs="hw2gui.seq2seq.programs:programs",
        settings="hw2gui.seq2seq.gui.setting_names:SETTINGS",
        files=(".tsv", ".csv"),
        warm="hw2gui.seq2seq.examples:warm",
    ),
    TabSpec(
        key="report",
        title="Report",
        state="hw2gui.report.state:ReportState",
        check="hw2gui.report.state:check",
        widget="hw2gui.report.gui.tab:ReportTab",
        tour="hw2gui.report.gui.tour:STOPS",
        hint="Every claim, table and figure of the report beside what is measured here",
        help="hw2gui.report.gui.help:PANELS",
        programs="hw2gui.report.programs:programs",
        settings="hw2gui.report.gui.setting_names:SETTINGS",
    ),
)
