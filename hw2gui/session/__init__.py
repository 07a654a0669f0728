"""What the user chose, apart from every view: evented states with undo, and the one small file that keeps them."""
