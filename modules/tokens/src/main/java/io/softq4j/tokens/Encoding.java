package io.softq4j.tokens;

import java.util.function.IntUnaryOperator;

/**
 * The ids of a text and where they begin in it.
 *
 * @param ids    of the text
 * @param before how many of them begin before a place in the text, given as a number of chars; worked out when it is asked for
 */
public record Encoding(int[] ids, IntUnaryOperator before) {
}
