/** Most attempts, and largest multiplier, that make sense; for inputs and plans alike. */
export const MOST_ATTEMPTS = 100;
export const LARGEST_MULTIPLIER = 100;
