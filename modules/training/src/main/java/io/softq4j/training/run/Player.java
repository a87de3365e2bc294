package io.softq4j.training.run;

import io.softq4j.training.optim.Optimizer;

/**
 * A model that trains, with what a checkpoint needs to know of it. A run has one; a game, such as one of a policy and a discriminator, has several.
 *
 * @param name      of its directory in a checkpoint; the first player has none, so that the checkpoint is its model
 * @param optimizer what trains its parameters, which both are saved
 * @param files     how its weights are called, and what stands beside them
 */
public record Player(String name, Optimizer optimizer, ModelFiles files) {

    public Player {
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("a player is called '" + name + "'; the name is that of a directory, such as discriminator");
        }
    }
}
