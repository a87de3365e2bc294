package io.softq4j.data.chat.jinja;

/** What a template can call. */
interface Callable {

    Object call(Arguments arguments, Run run);
}
