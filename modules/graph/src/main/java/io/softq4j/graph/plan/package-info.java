/** The engine: a graph scheduled, placed in memory and run. */
package io.softq4j.graph.plan;
