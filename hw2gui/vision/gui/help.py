"""What each panel of the characters tab shows, in a few sentences, with its formula."""

from __future__ import annotations

from hw2gui.training.gui import help as training
from hw2gui.widgets.help_card import Help

PANELS = {
    **training.PANELS,
    "Draw": Help(
        "Draw one of the ten characters with mouse, finger or pen; the right button erases. With keys, the arrows move the pen and Space "
        "lowers and lifts it. It is read while you draw."
    ),
    "Draw a character": Help("Draw, then say which character it is: the drawing is kept with its name, for the network to learn from."),
    "Your drawings": Help("All drawings you kept, with their names. Choose one to take it out again or to put it on the pad."),
    "Teach it your hand": Help(
        "The network that comes with the program goes on learning, from your drawings. Compare how it reads your hand before and after.",
        terms=("Learning rate", "Epoch"),
    ),
    "What the network reads": Help(
        "The way from your strokes to the 28 × 28 pixels the network was trained on. Switch a step off and see what the answer makes of it."
    ),
    "What it reads": Help(
        "The probability of each class, from the logits by softmax. The network always answers, even to a scribble.",
        r"p_c = \frac{e^{f_c}}{\sum_k e^{f_k}}",
        ("Softmax", "Logits"),
    ),
    "If the drawing were": Help(
        "The same drawing turned, moved, scaled or thickened by growing amounts, each with what is read then. A red caption: another class."
    ),
    "First convolution, before ReLU": Help(
        "What each filter of the first convolution makes of the drawing; blue is below 0, red above, one colour range for all.",
        terms=("Activation map", "ReLU"),
    ),
    "Nearest training images": Help(
        "The training images whose pixels lie nearest to the drawing: what the network may have learned it from."
    ),
    "x": Help(
        "The image that is looked into, or, laid over it, what the answer rests on.",
        r"\frac{\partial f_c}{\partial x_{ij}}",
        ("Saliency", "Occlusion"),
    ),
    "Answer": Help("The probability of each class for this image, and whether it is right.", terms=("Softmax",)),
    "Every stage, from the image to the probabilities": Help(
        "Everything the network computes on the way, stage by stage. Click a value: what it was made of stands at the right.",
        terms=("Activation map", "ReLU", "Max pooling", "Fully connected layer"),
    ),
    "One value": Help(
        "One number of one map: the patch it reads, the filter's weights, and their products, whose sum with the bias it is.",
        r"a = \sum_{c,m,n} w_{cmn}\, x_{cmn} + b",
        ("Kernel", "Bias"),
    ),
    "Who is taken for whom": Help(
        "The confusion matrix: a row for each true class, a column for what is read. Everything off the diagonal is a mistake; click "
        "one to see "
        "the images.",
        terms=("Accuracy",),
    ),
    "Results": Help("The images behind the numbers: mistakes, classes, two models held against each other, what excites a channel most."),
    "Question 2": Help("One claim of the homework made into an experiment: which networks are trained on what, and with which seeds."),
    "What the runs show": Help("The experiment's outcome in a sentence with its numbers, and the curves it rests on.", terms=("Accuracy",)),
    "Plot": Help("One curve of the experiment; the pointer reads the nearest point."),
}
