package io.softq4j.evaluation;

import java.util.Map;

/**
 * A program that decides whether a response is correct.
 *
 * <p>Implement it to evaluate on a task of your own: a public class with a public constructor without parameters, named by its class name wherever a
 * task is configured ({@link Tasks#named}). It is called from one thread and must be a pure function of its arguments.
 */
public interface Task {

    /** The name that reports carry. */
    String name();

    /**
     * Whether {@code response} answers the prompt.
     *
     * @param fields   the fields of the prompt's corpus record; {@link Fields#require} reads one with a good error
     * @param response the sampled text
     */
    boolean correct(Map<String, String> fields, String response);

    /**
     * The form in which two responses are compared when distinct correct responses are counted; responses of equal form are one response. White space
     * at the ends and its amount in between do not count, unless a task says otherwise.
     */
    default String canonical(Map<String, String> fields, String response) {
        return Words.normalise(response);
    }
}
