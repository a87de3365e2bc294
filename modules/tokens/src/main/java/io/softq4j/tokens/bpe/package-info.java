/** This package implements byte-level BPE: encoding, decoding, and training of merges. */
package io.softq4j.tokens.bpe;
