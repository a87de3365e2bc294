/**
 * The CPU as a device: its memory, and for each op of {@link io.softq4j.graph.kernel} its kernel on the Vector API, held by tests to the
 * op's expansion.
 */
package io.softq4j.graph.cpu;
