/**
 * Language models as SameDiff graphs, and text generation from them.
 *
 * <p>Letters: B batch, T time, N = B T, D width, H heads, V vocabulary.
 */
package io.softq4j.model;
