"""What `autotimeline import` reads, one file a form."""
