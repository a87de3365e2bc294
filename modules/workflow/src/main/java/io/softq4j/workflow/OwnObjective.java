package io.softq4j.workflow;

/**
 * An objective of an application's own, in place of the one that the section {@code objective} describes.
 *
 * @param name  what it is, with all that decides it
 * @param maker makes it when the model is loaded
 */
record OwnObjective(String name, ObjectiveMaker maker) {

    /** That of the section, which needs no name. */
    static final ObjectiveMaker OF_CONFIGURATION = (graph, settings, gradientCheckpointing) -> settings.over(graph, gradientCheckpointing);
}
