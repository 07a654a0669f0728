"""Homework mode, the teacher's switches and the guided tour: what lies beside the tabs and drives them."""
