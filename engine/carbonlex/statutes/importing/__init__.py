"""Official Chinese text into Akoma Ntoso: read, structured, written, held against its source."""
