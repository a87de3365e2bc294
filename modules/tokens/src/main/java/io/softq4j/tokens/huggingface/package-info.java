/** This package reads any {@code tokenizer.json}: with softq4j's own BPE if it gives the same ids, else with Hugging Face's library. */
package io.softq4j.tokens.huggingface;
