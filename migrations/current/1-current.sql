/* Why, and what was rejected, goes here. */
