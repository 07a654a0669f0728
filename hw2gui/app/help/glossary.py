"""The terms the program uses, each in a sentence or two; with its formula where one says more."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One term: what it means, and a formula in mathtext."""

    name: str
    meaning: str
    formula: str = ""


TERMS = (
    Term("Accuracy", "The share of images that are read right."),
    Term("Activation", "A value inside a network: what a unit passes on for one input."),
    Term("Activation map", "All values of one filter over an image, laid out where its window was.", r"a_{k} = w_{k} \star x + b_{k}"),
    Term("Adam", "The optimizer of the homework: it scales each parameter's step by running means of its gradient and of its square."),
    Term(
        "Attention",
        "A weighted mean of values. The weights say how well each key fits the query, and sum to 1.",
        r"Z = \mathrm{softmax}\left(\frac{Q K^{\top}}{\sqrt{d_K}}\right) V",
    ),
    Term("Batch", "The examples whose mean gradient makes one step of training."),
    Term(
        "Beam search",
        "Writing symbol by symbol while the k most probable beginnings are kept, and not only the best one as greedy search does. It "
        "is over "
        "when no unfinished beginning can overtake the finished ones.",
    ),
    Term("Bias", "A number added to a weighted sum; it learns like a weight."),
    Term(
        "Bilinear attention",
        "The decoder's state q is compared with every encoder state h through a matrix.",
        r"s_i = q^{\top} W_q\, h_i,\quad p = \mathrm{softmax}(s),\quad c = \sum_i p_i h_i",
    ),
    Term(
        "Character error rate",
        "All edits, divided by all letters of the references: long words weigh more than short ones.",
        r"\frac{\sum_i \mathrm{lev}(\hat{y}_i, y_i)}{\sum_i |y_i|}",
    ),
    Term(
        "Convolution",
        "A small kernel slides over an image; each output is the sum of products under it. Deep learning means the kernel as it is "
        "(correlation), signal processing the kernel rotated by 180°.",
        r"z_{\alpha\beta} = \sum_{m,n} w_{mn}\, x_{s(\alpha-1)+m,\; s(\beta-1)+n}",
    ),
    Term("Cross-entropy", "The loss of training: minus the log probability of what is right.", r"L = -\log p(y \mid x)"),
    Term("Decoder", "The part of a network that writes the output, symbol by symbol, from what the encoder made of the input."),
    Term("Dilation", "The distance between the pixels a kernel reads; 1 means neighbours."),
    Term(
        "Doubly block Toeplitz",
        "A matrix of blocks in which each block is Toeplitz and equal blocks stand along each block diagonal. M is one at stride 1.",
    ),
    Term("Dropout", "In training a random share of the values is set to 0, so that none is relied on alone; idle when reading."),
    Term("Embedding", "A table with a learned vector for every symbol."),
    Term("Encoder", "The part of a network that reads the input and turns it into states."),
    Term("Epoch", "One pass over all training examples."),
    Term(
        "Error rate",
        "The homework's measure: the mean over all examples of edits divided by the reference's length. Every word weighs the same.",
        r"\frac{1}{n} \sum_{i} \frac{\mathrm{lev}(\hat{y}_i, y_i)}{|y_i|}",
    ),
    Term("Exact match", "The share of outputs that are right to the last letter."),
    Term("Fully connected layer", "Every output has a weight for every input.", r"y = W x + b"),
    Term("Gradient", "How fast the loss changes with each parameter; training steps against it."),
    Term("Greedy search", "Writing the most probable symbol at each step. What is best now need not be best in the end."),
    Term(
        "Jacobian",
        "The matrix of all slopes: how each output changes when each input is nudged. A convolution is linear, so its Jacobian is M.",
        r"M_{ij} = \frac{\partial z^{\prime}_i}{\partial x^{\prime}_j}",
    ),
    Term("Kernel", "The small grid of weights that slides over the image; also called a filter."),
    Term("Learning rate", "How far each step of training goes. Too small: slow; too large: the loss jumps about or never falls."),
    Term("Levenshtein distance", "The fewest insertions, deletions and replacements of letters that turn one word into the other."),
    Term("Logits", "The last layer's values, before softmax turns them into probabilities."),
    Term("LSTM", "A recurrent layer that carries a state from symbol to symbol; gates decide what is kept, added and passed on."),
    Term("MACs", "Multiply–adds: a product and the addition that gathers it count as one. FLOPs are about twice as many."),
    Term("Max pooling", "Of each window the largest value is kept: smaller maps, and some indifference to small shifts."),
    Term("Occlusion", "How much the answer's probability falls when a square of the image is blanked, square by square."),
    Term("Padding", "Zeros around the image, so that the kernel can stand at the edge."),
    Term("Parameter", "A number that training sets: a weight or a bias."),
    Term(
        "Prediction interval",
        "Where one more value of the same kind lies 95 times in 100, judged by the n there are: wider than the spread of their mean.",
        r"m \pm t_{n-1}\, s \sqrt{1 + \frac{1}{n}}",
    ),
    Term("ReLU", "Negative values become 0.", r"\mathrm{ReLU}(a) = \max(0, a)"),
    Term(
        "Saliency",
        "The slope of the answer's logit with respect to each pixel: where a small change would matter most.",
        r"\frac{\partial f_c}{\partial x}",
    ),
    Term(
        "Seed",
        "The number that random numbers begin from. The same training with another seed starts from other weights and another order of the "
        "examples.",
    ),
    Term(
        "Softmax",
        "Turns any numbers into probabilities: positive, and summing to 1.",
        r"\mathrm{softmax}(s)_i = \frac{e^{s_i}}{\sum_k e^{s_k}}",
    ),
    Term(
        "Standard deviation",
        "How far values typically lie from their mean.",
        r"s = \sqrt{\frac{1}{n-1} \sum_i (x_i - m)^2}",
    ),
    Term("Stride", "How far the kernel moves from one output to the next.", r"H^{\prime} = \left\lfloor \frac{H - M}{s} \right\rfloor + 1"),
    Term("Teacher forcing", "In training the decoder is given the right symbols so far, not its own."),
    Term("Temperature", "Scores are divided by it before softmax: below 1 sharper, above 1 flatter."),
    Term(
        "Test, training, validation",
        "Training data are learned from, validation data choose the settings, and test data are looked at once, at the end.",
    ),
    Term("Tied weights", "Two layers share one matrix; it is counted, and learned, once."),
    Term("Toeplitz", "A matrix that is constant along each diagonal.", r"T_{i+1,\,j+1} = T_{ij}"),
    Term(
        "Transposed convolution",
        "Mᵀ spreads each output back over its window; it carries the gradient from z to x.",
        r"\frac{\partial L}{\partial x^{\prime}} = M^{\top} \frac{\partial L}{\partial z^{\prime}}",
    ),
    Term("vec", "The pixels of an image in one column, row after row (or column after column)."),
    Term("Vocabulary", "The symbols a model reads or writes, each with its number."),
    Term("Weight", "A number that an input is multiplied by; training sets it."),
)

BY_NAME = {term.name.casefold(): term for term in TERMS}
