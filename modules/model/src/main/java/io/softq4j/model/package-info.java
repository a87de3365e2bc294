/**
 * This package builds language models as SameDiff graphs, and loads and saves them.
 *
 * <p>Letters: B batch, T time, N = B T, D width, H heads, V vocabulary.
 */
package io.softq4j.model;
