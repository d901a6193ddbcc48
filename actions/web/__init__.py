"""What whoever asks over the web needs: which addresses may be told a secret, and how a request ends in time."""
