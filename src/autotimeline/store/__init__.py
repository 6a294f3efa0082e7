"""Reading and writing of the files of a store; no other code touches them."""
