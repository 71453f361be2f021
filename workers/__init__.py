"""Work in processes of their own: results that are got ahead, and answers that come by lines."""
