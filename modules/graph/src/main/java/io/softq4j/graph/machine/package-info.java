/** What kernels stand on: memory, workers, matrix products and vectors of the host. */
package io.softq4j.graph.machine;
