"""The pages, one a file, each with its ``ROUTES``; ``serve.dashboard.navigation`` lists them."""
