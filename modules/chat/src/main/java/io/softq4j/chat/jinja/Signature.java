package io.softq4j.chat.jinja;

import java.util.List;

/**
 * The parameters of a macro.
 *
 * @param names    in order
 * @param defaults as many; Java's null where there is none
 */
record Signature(List<String> names, List<Expression> defaults) {

    static final Signature NONE = new Signature(List.of(), List.of());
}
