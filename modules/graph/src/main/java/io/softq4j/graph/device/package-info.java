/** What a plan asks of what it runs on: a table of kernels by op, and a memory. Knows no device; {@link io.softq4j.graph.cpu} is one. */
package io.softq4j.graph.device;
