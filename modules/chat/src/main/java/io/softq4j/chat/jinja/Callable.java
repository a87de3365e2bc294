package io.softq4j.chat.jinja;

/** What a template can call. */
interface Callable {

    Object call(Arguments arguments, Run run);
}
