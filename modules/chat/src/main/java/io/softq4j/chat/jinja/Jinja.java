package io.softq4j.chat.jinja;

import java.util.Map;

/** A template, ready to render. Immutable; safe to share between threads. */
public final class Jinja {

    private final Body body;
    private final Limits limits;

    /**
     * Reads a template.
     *
     * @throws TemplateError if it is malformed
     */
    public Jinja(String source, Limits limits) {
        this.limits = limits;
        try {
            this.body = Parser.parse(source);
        } catch (StackOverflowError e) {
            throw new TemplateError("the template is nested too deeply");
        }
    }

    /**
     * The text for these variables.
     *
     * @param variables values by name, as {@link io.softq4j.chat.jinja} describes them
     * @throws TemplateError if the template says so, asks for what is not there, or goes beyond its limits
     */
    public String render(Map<String, Object> variables) {
        Run run = new Run(limits);
        Scope scope = Scope.outermost(run);
        variables.forEach(scope::set);
        try {
            return body.text(scope);
        } catch (TemplateError e) {
            throw e.line() > 0 ? e : new TemplateError(run.line(), e.getMessage());
        } catch (StackOverflowError e) {
            // the limits on depth keep far from it; a thread with a small stack may come to it all the same
            throw new TemplateError(run.line(), "it is nested too deeply");
        }
    }
}
