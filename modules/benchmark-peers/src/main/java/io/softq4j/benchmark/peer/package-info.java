/** GPT-2 in PyTorch, by two ways to it from Java, each in a process without ND4J: what softq4j's engine is measured against. */
package io.softq4j.benchmark.peer;
