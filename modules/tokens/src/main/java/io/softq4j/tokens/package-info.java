/**
 * Text to tokens and tokens on disk: byte-level BPE trained and read here, any other {@code tokenizer.json} through Hugging Face's
 * own library, the one rendering of a prompt and its response into an {@link io.softq4j.tokens.Example}, and the store of examples
 * that preparation writes and training maps into memory. Knows nothing of DataVec or SameDiff.
 */
package io.softq4j.tokens;
