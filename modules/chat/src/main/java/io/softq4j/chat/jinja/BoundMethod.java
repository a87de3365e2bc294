package io.softq4j.chat.jinja;

/**
 * A method of a value, not called yet.
 *
 * @param owner  the value
 * @param name   for messages
 * @param method what it does
 */
record BoundMethod(Object owner, String name, Method method) implements Callable {

    /** What a method does. */
    interface Method {

        Object call(Object owner, Arguments arguments, Run run);
    }

    @Override
    public Object call(Arguments arguments, Run run) {
        return method.call(owner, arguments, run);
    }
}
