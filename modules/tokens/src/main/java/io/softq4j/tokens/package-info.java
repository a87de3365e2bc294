/**
 * Text to tokens and tokens on disk: byte-level BPE trained here, and read here where the file is of a kind known to give the same ids;
 * any other {@code tokenizer.json} through Hugging Face's own library, the one rendering of a prompt and its response into an
 * {@link io.softq4j.tokens.Example}, and the store of examples that preparation writes and training maps into memory. Knows nothing of
 * DataVec or SameDiff.
 */
package io.softq4j.tokens;
