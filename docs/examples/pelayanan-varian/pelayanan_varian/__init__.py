"""What four regions changed in national instruments, as far as it is known."""
