/**
 * Which ND4J backend computes, decided before ND4J loads: the CPU's, or on request CUDA's where a GPU can run it. And facts about the one
 * that was loaded.
 */
package io.softq4j.graph.backend;
