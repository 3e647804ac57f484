//! Models: the registry of files, and the workers that run an encoder and a generator.
