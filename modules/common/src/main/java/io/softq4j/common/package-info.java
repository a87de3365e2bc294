/**
 * What every module shares: the error a user can put right, files that are written whole or not at all, and how records of a configuration
 * are described ({@link io.softq4j.common.Key}), checked and changed by name ({@link io.softq4j.common.Drafts}).
 */
package io.softq4j.common;
