/** SameDiff ops of ours: each with its own backward and a CPU kernel on the Vector API, held by tests to its expansion into standard ops. */
package io.softq4j.graph.kernel;
