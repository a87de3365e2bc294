/** Any {@code tokenizer.json}: through our own BPE where that gives the same ids, through the library of Hugging Face elsewhere. */
package io.softq4j.tokens.huggingface;
