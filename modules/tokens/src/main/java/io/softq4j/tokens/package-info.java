/**
 * This package converts text to tokens and keeps tokens on disk. It trains byte-level BPE, and reads it if the file is of a kind known to
 * give the same ids; Hugging Face's own library reads any other {@code tokenizer.json}. It contains the one rendering of a prompt and its
 * response into an {@link io.softq4j.tokens.Example}, and the store of examples that preparation writes and training maps into memory. It
 * does not depend on DataVec or SameDiff.
 */
package io.softq4j.tokens;
