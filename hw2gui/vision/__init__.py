"""Character recognition: the homework's CNN and its rivals, what goes on inside them, drawings, and the experiments of question 2."""
