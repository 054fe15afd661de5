// Shell: written next.
