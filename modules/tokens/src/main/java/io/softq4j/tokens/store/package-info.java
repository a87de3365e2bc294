/** This package stores examples as memory-mapped shards of token ids. */
package io.softq4j.tokens.store;
