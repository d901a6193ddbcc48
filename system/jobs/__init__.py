"""Work that joins rooms, one file per job."""
