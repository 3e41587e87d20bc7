"""Everything that faces the Site24x7 agent: the plugin document, and the installation into its plugin folder."""
