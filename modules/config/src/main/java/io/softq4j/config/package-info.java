/**
 * Configuration: YAML sections bound to the records of the modules, over their defaults and under {@code --set}. Unknown keys and wrong
 * types are refused by
 * file and line.
 */
package io.softq4j.config;
