package io.softq4j.chat.jinja;

/**
 * What a missing variable or field is: empty text, an empty list, false; anything else done with it is an error.
 *
 * @param why what is missing, for that error
 */
record Undefined(String why) {

    static Undefined variable(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined in(Object owner, Object key) {
        return new Undefined("a " + Values.kind(owner) + " has no '" + (key instanceof String || key instanceof Number ? key
                : Values.kind(key)) + "'");
    }

    TemplateError error() {
        return new TemplateError(why);
    }
}
